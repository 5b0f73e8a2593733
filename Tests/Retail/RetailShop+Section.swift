extension RetailShop {
    /// How the section `shop` of desk.yaml begins for every desk of these runs.
    static let section = """
        shop:
          name: Neem & Clay
          address: support@neemandclay.example
          links:
            website: https://neemandclay.example
            account: https://neemandclay.example/account
            reset: https://neemandclay.example/account/reset
            returns: https://neemandclay.example/returns
            help: https://neemandclay.example/help
        """
}
